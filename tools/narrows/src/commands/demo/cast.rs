//! Who is there, and where they talk.

use narrows_wire::Role;
use narrows_wire::Role::{Admin, Guest, Member, Moderator, Owner};

/// The password of everybody.
pub const PASSWORD: &str = "narrows demo";

/// An organization.
pub struct Organization {
    /// `None`: at the bare host.
    pub subdomain: Option<&'static str>,
    pub name: &'static str,
    pub description: &'static str,
    /// The first is the owner who makes all else.
    pub people: &'static [Person],
    pub bots: &'static [Bot],
    pub streams: &'static [Stream],
    pub script: &'static str,
}

/// A user: `key@domain`, and the name in scripts is the key.
pub struct Person {
    pub key: &'static str,
    pub name: &'static str,
    pub role: Role,
}

/// A program of the first person's.
pub struct Bot {
    pub key: &'static str,
    pub name: &'static str,
}

pub struct Stream {
    pub name: &'static str,
    pub description: &'static str,
    pub kind: Kind,
    /// Keys, or `*` for everybody who is no guest.
    pub members: &'static [&'static str],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Public,
    WebPublic,
    /// Private; who joins reads what was before.
    Private,
    /// Private; who joins does not.
    Protected,
}

const fn person(key: &'static str, name: &'static str, role: Role) -> Person {
    Person { key, name, role }
}

const fn stream(
    name: &'static str,
    description: &'static str,
    kind: Kind,
    members: &'static [&'static str],
) -> Stream {
    Stream {
        name,
        description,
        kind,
        members,
    }
}

/// Both organizations.
pub const ORGANIZATIONS: [Organization; 2] = [
    Organization {
        subdomain: None,
        name: "Lantern Maps",
        description: "Paper-quality maps for walkers, made from open data.",
        people: &[
            person("ines", "Inês Carvalho", Owner),
            person("tomas", "Tomáš Novák", Admin),
            person("wanjiru", "Wanjiru Kamau", Admin),
            person("petra", "Petra Lindqvist", Moderator),
            person("dev", "Dev Raman", Moderator),
            person("marta", "Marta Kowalska", Member),
            person("jonas", "Jonas Weber", Member),
            person("aiko", "Aiko Tanabe", Member),
            person("luc", "Luc Moreau", Member),
            person("sanna", "Sanna Virtanen", Member),
            person("omar", "Omar Haddad", Member),
            person("grace", "Grace Okafor", Member),
            person("hugo", "Hugo Fernández", Member),
            person("leila", "Leila Azimi", Member),
            person("nils", "Nils Berg", Member),
            person("rosa", "Rosa Bianchi", Member),
            person("kofi", "Kofi Mensah", Member),
            person("yuki", "Yuki Sato", Member),
            person("bram", "Bram de Vries", Guest),
            person("celia", "Celia Duarte", Guest),
        ],
        bots: &[
            Bot {
                key: "build-bot",
                name: "Build Bot",
            },
            Bot {
                key: "tile-watch-bot",
                name: "Tile Watch",
            },
        ],
        streams: &[
            stream(
                "announcements",
                "News for everyone; please keep it short",
                Kind::Public,
                &["*", "bram", "celia"],
            ),
            stream(
                "engineering",
                "How it is built",
                Kind::Public,
                &[
                    "ines",
                    "tomas",
                    "wanjiru",
                    "petra",
                    "dev",
                    "marta",
                    "jonas",
                    "aiko",
                    "luc",
                    "sanna",
                    "omar",
                    "kofi",
                    "yuki",
                    "build-bot",
                    "tile-watch-bot",
                ],
            ),
            stream(
                "cartography",
                "How it looks on paper",
                Kind::Public,
                &[
                    "ines", "petra", "aiko", "luc", "sanna", "grace", "leila", "rosa", "yuki",
                    "celia",
                ],
            ),
            stream(
                "field trips",
                "Where we walked, and what the map got wrong",
                Kind::WebPublic,
                &["*", "bram", "celia"],
            ),
            stream(
                "support",
                "Questions from people who bought a map",
                Kind::Public,
                &[
                    "ines", "wanjiru", "petra", "grace", "hugo", "nils", "rosa", "kofi", "bram",
                ],
            ),
            stream(
                "releases",
                "What goes out, and when",
                Kind::Public,
                &[
                    "ines",
                    "tomas",
                    "dev",
                    "marta",
                    "jonas",
                    "grace",
                    "hugo",
                    "build-bot",
                ],
            ),
            stream(
                "hiring",
                "Candidates; nothing leaves this room",
                Kind::Protected,
                &["ines", "tomas", "wanjiru", "petra"],
            ),
            stream(
                "finance",
                "Invoices, budgets, printers' bills",
                Kind::Private,
                &["ines", "wanjiru", "nils"],
            ),
            stream("kitchen", "Bread, mostly", Kind::Public, &["*"]),
        ],
        script: include_str!("lantern.txt"),
    },
    Organization {
        subdomain: Some("harbour"),
        name: "Harbour Choir",
        description: "Thirty voices and one piano.",
        people: &[
            person("agnes", "Agnes Holm", Owner),
            person("viktor", "Viktor Lange", Admin),
            person("mina", "Mina Park", Moderator),
            person("thea", "Thea Brandt", Member),
            person("samuel", "Samuel Osei", Member),
            person("elin", "Elin Dahl", Member),
            person("rafael", "Rafael Costa", Guest),
        ],
        bots: &[Bot {
            key: "calendar-bot",
            name: "Calendar",
        }],
        streams: &[
            stream(
                "rehearsals",
                "When, where, what to bring",
                Kind::Public,
                &["*", "rafael", "calendar-bot"],
            ),
            stream("programme", "What we sing next", Kind::Public, &["*"]),
            stream(
                "board",
                "For the board",
                Kind::Private,
                &["agnes", "viktor"],
            ),
        ],
        script: include_str!("harbour.txt"),
    },
];
