//! Whatever the text: no panic, well-formed HTML, allowed elements, attributes and addresses only, linear time.

use std::fmt::Write;

use narrows_markdown::{Options, Rendered, Resolved, ResolvedStream, ResolvedUser, parse};
use proptest::prelude::*;

use crate::browser;
use crate::tree::{self, Tree};

/// Elements with the attributes that they may have.
const ALLOWED: &[(&str, &[&str])] = &[
    ("p", &[]),
    ("br", &[]),
    ("hr", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("ul", &[]),
    ("ol", &["start"]),
    ("li", &[]),
    ("blockquote", &[]),
    ("strong", &[]),
    ("em", &[]),
    ("del", &[]),
    ("code", &[]),
    ("pre", &[]),
    ("table", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["style"]),
    ("td", &["style"]),
    (
        "a",
        &[
            "href",
            "title",
            "class",
            "data-stream-id",
            "data-id",
            "style",
        ],
    ),
    ("img", &["src", "alt", "class", "title"]),
    ("video", &["src", "preload"]),
    ("time", &["datetime"]),
    ("div", &["class", "aria-hidden", "data-code-language"]),
    (
        "span",
        &[
            "class",
            "style",
            "title",
            "role",
            "aria-label",
            "aria-hidden",
            "data-user-id",
            "data-user-group-id",
        ],
    ),
    // KaTeX.
    ("math", &["xmlns", "display"]),
    ("semantics", &[]),
    ("annotation", &["encoding"]),
];
const MATHML: &[&str] = &[
    "mrow",
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
    "msup",
    "msub",
    "msubsup",
    "mfrac",
    "msqrt",
    "mroot",
    "mover",
    "munder",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mspace",
    "mstyle",
    "mpadded",
    "mphantom",
    "menclose",
    "mglyph",
    "mlabeledtr",
];
const SVG: &[&str] = &["svg", "path", "line", "g"];

pub(crate) fn check(text: &str, rendered: &Rendered) -> Result<(), String> {
    let complain = |problem: String| format!("{problem} from {text:?}\n{}", rendered.html);
    let written = tree::read(&rendered.html).map_err(complain)?;
    let seen = browser::read(&rendered.html);
    if shape(&written) != shape(&seen) {
        return Err(complain("a browser sees other elements".to_owned()));
    }
    let mut problem = None;
    tree::elements(&seen, &mut |tag, attributes| {
        let allowed = ALLOWED
            .iter()
            .find(|(name, _)| *name == tag)
            .map(|(_, names)| *names);
        let known = allowed.is_some() || MATHML.contains(&tag) || SVG.contains(&tag);
        for (name, value) in attributes {
            let fine = !name.starts_with("on")
                && allowed.is_none_or(|names| names.contains(&name.as_str()));
            let safe = !matches!(name.as_str(), "href" | "src") || is_safe_address(value);
            if !fine || !safe {
                problem = Some(format!("{tag} {name}={value:?}"));
            }
        }
        if !known {
            problem = Some(tag.to_owned());
        }
    });
    problem.map_or(Ok(()), |problem| Err(complain(problem)))
}

/// Each element in its place, and the names of its attributes.
fn shape(trees: &[Tree]) -> Vec<String> {
    fn add(trees: &[Tree], depth: usize, shape: &mut Vec<String>) {
        for tree in trees {
            if let Tree::Element {
                tag,
                attributes,
                children,
            } = tree
            {
                let names: Vec<&str> = attributes.keys().map(String::as_str).collect();
                shape.push(format!("{depth} {tag} {}", names.join(" ")));
                add(children, depth + 1, shape);
            }
        }
    }
    let mut shape = Vec::new();
    add(trees, 0, &mut shape);
    shape
}

/// What a browser looks at: white space and control characters gone.
fn is_safe_address(value: &str) -> bool {
    let plain: String = value
        .chars()
        .filter(|c| !c.is_control() && *c != ' ')
        .collect();
    let plain = plain.to_ascii_lowercase();
    let schemes = [
        "http:", "https:", "ftp:", "mailto:", "file:", "bitcoin:", "sms:", "tel:",
    ];
    schemes.iter().any(|scheme| plain.starts_with(scheme))
        || plain.starts_with('/')
        || plain.starts_with('#')
        || plain.starts_with("user_uploads/")
}

pub(crate) fn render(text: &str) -> Rendered {
    let options = Options {
        translate_emoticons: true,
        realm_url: "https://chat.example.com".to_owned(),
        ..Options::default()
    };
    let resolved = Resolved {
        users: vec![ResolvedUser {
            id: 1,
            full_name: "<b onclick=\"x\">'&\"".to_owned(),
        }],
        streams: vec![ResolvedStream {
            id: 1,
            name: "\"><script>".to_owned(),
        }],
        ..Resolved::default()
    };
    parse(text, &options).render(&resolved, &options)
}

/// Tags, events and addresses that browsers have run in some place or other.
const PAYLOADS: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mi xlink:href=\"javascript:alert(1)\">x</mi></math>",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "<a href=\"javascript:alert(1)\">x</a>",
    "<body onload=alert(1)>",
    "<style>@import 'x'</style>",
    "<!--<img src=\"--><img src=x onerror=alert(1)>\">",
    "<![CDATA[<script>alert(1)</script>]]>",
    "\"><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "\" onmouseover=\"alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "\u{2}0\u{3}",
    "\u{2}\u{e000}\u{3}",
    "\0<scr\0ipt>",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java&#9;script:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#106;avascript:alert(1)",
    "\u{1}javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "//evil.example/x.png\" onerror=\"alert(1)",
    "http://x.example/\" onclick=\"alert(1).png",
    "http://x.example/'><img src=x onerror=alert(1)>.png",
    "https://chat.example.com/user_uploads/\"><script>.png",
    "view-source:http://x.example",
    "blob:http://x.example/1",
    "filesystem:http://x.example/1",
];

/// Places to put them.
const PLACES: &[(&str, &str)] = &[
    ("", ""),
    ("[x](", ")"),
    ("[x](<", ">)"),
    ("[x](http://a.example \"", "\")"),
    ("[", "](http://a.example)"),
    ("![x](", ")"),
    ("**", "**"),
    ("`", "`"),
    ("> ", ""),
    ("* ", ""),
    ("# ", ""),
    ("```", "\nx\n```"),
    ("``` spoiler ", "\nx\n```"),
    ("```\n", "\n```"),
    ("```python\n", "\n```"),
    ("```math\n", "\n```"),
    ("$$", "$$"),
    ("<time:", ">"),
    ("@**", "**"),
    ("@_**", "|1**"),
    ("@*", "*"),
    ("#**", "**"),
    ("#**\">", "**"),
    (":", ":"),
    ("|a|", "|\n|-|-|\n|b|c|"),
    ("|a|b|\n|-|-|\n|", "|c|"),
    ("https://x.example/", ""),
    ("https://x.example/", ".png"),
    ("    ", ""),
    ("$$\\href{", "}{x}$$"),
    ("$$\\text{", "}$$"),
    ("$$\\htmlClass{", "}{x}$$"),
    ("$$\\includegraphics{", "}$$"),
];

#[test]
fn hostile_texts_are_harmless() {
    for payload in PAYLOADS {
        for (before, after) in PLACES {
            let text = format!("{before}{payload}{after}");
            check(&text, &render(&text)).unwrap();
        }
    }
}

#[test]
fn the_checker_sees_what_must_not_be() {
    let bad = [
        "<script></script>",
        "<p onclick=\"x\"></p>",
        "<a href=\"javascript:x\"></a>",
        "<a href=\"java&Tab;script:x\"></a>",
        "<p><em></p></em>",
        "<p>",
        "a > b",
    ];
    for html in bad {
        let rendered = Rendered {
            html: html.to_owned(),
            report: Default::default(),
        };
        assert!(check("", &rendered).is_err(), "{html}");
    }
}

/// Repetitions on which careless parsers take quadratic time or recurse until the stack is gone.
const REPEATED: &[&str] = &[
    "*",
    "**",
    "***a",
    "*a ",
    "_",
    "`",
    "``a",
    "`a``b",
    "~~",
    "~~a",
    "[",
    "[a](",
    "[a](\"",
    "[](",
    "![",
    "]",
    "(",
    "@**",
    "@**a",
    "#**a>",
    "$$",
    "$$a",
    "\\$",
    "$$a\\$",
    "<time:",
    "<",
    ">",
    "> ",
    ">>\n",
    "* ",
    "* a\n",
    "1. ",
    "- a\n  ",
    "  ",
    "    a\n\n",
    "\n",
    "\n\n",
    "# a\n",
    "#",
    "---\n",
    "--- \n",
    "|",
    "|a",
    "|a|\n|-|\n",
    "a|b\n-|-\n",
    "```\n",
    "```quote\n",
    "```spoiler a\n",
    "~~~~\n",
    "```math\n",
    "&",
    "&amp;",
    "&a",
    ":",
    ":a",
    ":a:",
    "http://a.b/(",
    "http://",
    "http://a:",
    "a.b.",
    "a.com,",
    "a@",
    "a@b.c,",
    "(http://a.com/",
    "(http://a.com/\"",
    "\"a.com/x",
    "user_uploads/",
    "👽",
    "\u{200d}",
    "👽\u{200d}",
    "\\",
    "\\`",
    "\\\\`",
    "\u{2}",
    "\t",
    "\r",
    "=",
    "+ a\n1. b\n",
    "* a\n\n",
    "* a\n\n  b\n\n",
    "> a\n\n",
    ">\n",
    "@*a* ",
    "<3",
    ":)",
];

#[test]
fn repetitions_are_harmless() {
    for unit in REPEATED {
        let text = unit.repeat(20_000 / unit.len());
        check(unit, &render(&text)).unwrap();
    }
}

#[test]
fn deep_nesting_is_harmless() {
    let mut list = String::new();
    let mut fences = String::new();
    for depth in 0..300 {
        let _ = writeln!(list, "{}* a", "  ".repeat(depth));
        let _ = writeln!(fences, "{}quote", "`".repeat(400 - depth));
    }
    for text in [
        list,
        fences,
        ">".repeat(5_000),
        "> ".repeat(5_000),
        "* ".repeat(5_000),
        "* > ".repeat(2_000),
    ] {
        let rendered = render(&text);
        check(text.get(..20).unwrap(), &rendered).unwrap();
        assert!(depth(&tree::read(&rendered.html).unwrap()) < 200);
    }
}

fn depth(trees: &[Tree]) -> usize {
    let below = trees.iter().map(|tree| match tree {
        Tree::Element { children, .. } => 1 + depth(children),
        Tree::Text(_) => 0,
    });
    below.max().unwrap_or(0)
}

/// Texts made of what has a meaning.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(REPEATED).prop_map(str::to_owned),
        prop::sample::select(PAYLOADS).prop_map(str::to_owned),
        prop::sample::select(
            &[
                "```",
                "~~~",
                "quote",
                "spoiler",
                "math",
                "a",
                " ",
                "  ",
                "\n",
                "\n\n",
                "**",
                "::::",
                "1. ",
                "http://x.com/"
            ][..]
        )
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_markup_gives_allowed_html(text in markup()) {
        prop_assert_eq!(check(&text, &render(&text)), Ok(()));
    }

    #[test]
    fn any_text_gives_allowed_html(text in any::<String>()) {
        prop_assert_eq!(check(&text, &render(&text)), Ok(()));
    }
}
