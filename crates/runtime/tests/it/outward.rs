use narrows_runtime::Config;
use narrows_runtime::outward::{Outward, OutwardError};
use narrows_testkit::site::{Site, page};

const HTML: &str = "Content-Type: text/html";

/// A client that may ask this site and none else that is not public.
fn client(site: &Site) -> Outward {
    let mut config = Config::from_sources("[server]\ndevelopment = true", |_| None).expect("valid");
    config.outward.allowed_addresses = vec![site.address];
    Outward::new(&config)
}

async fn get(outward: &Outward, url: &str) -> Result<Vec<u8>, OutwardError> {
    let document = outward.get(url, &["text/html"]).await?;
    Ok(document.body.to_vec())
}

fn redirect(to: &str) -> (Vec<u8>, bool) {
    let answer = format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
    (answer.into_bytes(), false)
}

#[tokio::test]
async fn a_page_is_read_with_what_its_server_says_of_it() {
    let answer = |path: &str| match path {
        "/start?a=b" => redirect("sub/page"),
        "/sub/page" => page("Content-Type: Text/HTML; Charset=\"latin1\"", "<p>hello"),
        _ => page(HTML, "no"),
    };
    let site = Site::start(answer).await.expect("starts");
    let outward = client(&site);
    let url = format!("{}#fragment", site.url("/start?a=b"));
    let document = outward.get(&url, &["text/html"]).await.expect("a page");
    assert_eq!(&document.body[..], b"<p>hello");
    assert_eq!(document.charset.as_deref(), Some("latin1"));
    assert_eq!(document.url.as_str(), site.url("/sub/page"));
    let asked = site.asked();
    let head = asked.first().expect("a request").to_lowercase();
    assert!(head.starts_with("get /start?a=b http/1.1\r\n"), "{head}");
    assert!(
        head.contains(&format!("host: {}\r\n", site.address)),
        "{head}"
    );
    assert!(
        head.contains("user-agent: mozilla/5.0 (compatible; narrows/"),
        "{head}"
    );
}

#[tokio::test]
async fn addresses_that_are_not_public_are_refused_however_they_are_written() {
    let hidden = Site::start(|_| page(HTML, "secret")).await.expect("starts");
    let other = Site::start(|_| page(HTML, "public")).await.expect("starts");
    let outward = client(&other);
    let port = hidden.address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "user:pass@127.0.0.1",
    ] {
        let answer = get(&outward, &format!("http://{host}:{port}/")).await;
        assert!(
            matches!(answer, Err(OutwardError::Forbidden(_))),
            "{host}: {answer:?}"
        );
        let secure = get(&outward, &format!("https://{host}:{port}/")).await;
        assert!(
            matches!(secure, Err(OutwardError::Forbidden(_))),
            "{host}: {secure:?}"
        );
    }
    assert!(hidden.asked().is_empty());
    assert_eq!(
        get(&outward, &other.url("/")).await.expect("allowed"),
        b"public"
    );
}

#[tokio::test]
async fn what_is_no_web_address_is_refused() {
    let site = Site::start(|_| page(HTML, "x")).await.expect("starts");
    let outward = client(&site);
    for url in [
        "",
        "x",
        "/path",
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://127.0.0.1/",
        "http://",
        "javascript:1",
        "data:text/html,x",
    ] {
        let answer = get(&outward, url).await;
        assert!(
            matches!(answer, Err(OutwardError::Url)),
            "{url}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn redirects_are_judged_like_the_first_address_and_bounded() {
    let hidden = Site::start(|_| page(HTML, "secret")).await.expect("starts");
    let address = hidden.address;
    let answer = move |path: &str| match path {
        "/inside" => redirect(&format!("http://{address}/")),
        "/mapped" => redirect(&format!("http://[::ffff:127.0.0.1]:{}/", address.port())),
        "/name" => redirect(&format!("//localhost:{}/", address.port())),
        "/file" => redirect("file:///etc/passwd"),
        _ => redirect("/round"),
    };
    let site = Site::start(answer).await.expect("starts");
    let outward = client(&site);
    for path in ["/inside", "/mapped", "/name"] {
        let answer = get(&outward, &site.url(path)).await;
        assert!(
            matches!(answer, Err(OutwardError::Forbidden(_))),
            "{path}: {answer:?}"
        );
    }
    assert!(hidden.asked().is_empty());
    let file = get(&outward, &site.url("/file")).await;
    assert!(matches!(file, Err(OutwardError::Url)), "{file:?}");
    let before = site.asked().len();
    let round = get(&outward, &site.url("/round")).await;
    assert!(matches!(round, Err(OutwardError::Redirects)), "{round:?}");
    assert_eq!(site.asked().len() - before, 6);
}

#[tokio::test]
async fn only_whole_plain_successes_of_the_type_are_read() {
    let answer = |path: &str| match path {
        "/image" => page("Content-Type: image/png", "<p>"),
        "/none" => page("X-Y: z", "<p>"),
        "/packed" => page("Content-Type: text/html\r\nContent-Encoding: gzip", "<p>"),
        "/gone" => (
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>".to_vec(),
            false,
        ),
        "/short" => (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99\r\n\r\n<p>".to_vec(),
            false,
        ),
        "/head" => page(
            &format!("Content-Type: text/html\r\nX: {}", "y".repeat(200_000)),
            "<p>",
        ),
        _ => (b"SSH-2.0-x\r\n\r\n".to_vec(), false),
    };
    let site = Site::start(answer).await.expect("starts");
    let outward = client(&site);
    for path in ["/image", "/none", "/packed"] {
        let answer = get(&outward, &site.url(path)).await;
        assert!(
            matches!(answer, Err(OutwardError::Type(_))),
            "{path}: {answer:?}"
        );
    }
    let gone = get(&outward, &site.url("/gone")).await;
    assert!(matches!(gone, Err(OutwardError::Status(404))), "{gone:?}");
    for path in ["/short", "/head", "/ssh"] {
        let answer = get(&outward, &site.url(path)).await;
        assert!(
            matches!(answer, Err(OutwardError::Connection(_))),
            "{path}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_huge_answer_is_read_to_the_limit_only() {
    let huge = |_: &str| {
        let mut answer =
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999999999\r\n\r\n"
                .to_vec();
        answer.resize(3 << 20, b'x');
        (answer, true)
    };
    let site = Site::start(huge).await.expect("starts");
    let body = get(&client(&site), &site.url("/"))
        .await
        .expect("its beginning");
    assert_eq!(body.len(), 1 << 20);
}

#[tokio::test]
async fn nobody_is_waited_for_long() {
    let silent = |path: &str| match path {
        "/nothing" => (vec![], true),
        _ => (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>".to_vec(),
            true,
        ),
    };
    let site = Site::start(silent).await.expect("starts");
    let outward = client(&site);
    let (nothing, beginning) = (site.url("/nothing"), site.url("/beginning"));
    let (nothing, beginning) = tokio::join!(get(&outward, &nothing), get(&outward, &beginning));
    assert!(matches!(nothing, Err(OutwardError::Slow)), "{nothing:?}");
    assert!(
        matches!(beginning, Err(OutwardError::Slow)),
        "{beginning:?}"
    );
}
