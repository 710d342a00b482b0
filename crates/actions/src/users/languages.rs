//! The languages that clients can be set to.

/// Code and name in the language itself, by code.
pub const LANGUAGES: [(&str, &str); 43] = [
    ("ar", "العربيّة"),
    ("be", "беларуская"),
    ("bg", "български"),
    ("bn", "বাংলা"),
    ("ca", "català"),
    ("cs", "česky"),
    ("cy", "Cymraeg"),
    ("da", "dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("en-gb", "British English"),
    ("es", "español"),
    ("fa", "فارسی"),
    ("fi", "suomi"),
    ("fr", "français"),
    ("gl", "galego"),
    ("gu", "ગુજરાતી"),
    ("hi", "हिन्दी"),
    ("hu", "Magyar"),
    ("id", "Bahasa Indonesia"),
    ("it", "italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("lt", "Lietuviškai"),
    ("lv", "latviešu"),
    ("ml", "മലയാളം"),
    ("mn", "Mongolian"),
    ("nl", "Nederlands"),
    ("pl", "polski"),
    ("pt", "Português"),
    ("pt-br", "Português Brasileiro"),
    ("ro", "Română"),
    ("ru", "Русский"),
    ("si", "සිංහල"),
    ("sr", "српски"),
    ("sv", "svenska"),
    ("ta", "தமிழ்"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh-hans", "简体中文"),
    ("zh-tw", "繁體中文"),
];

/// The name of a language in itself; `None`: clients cannot be set to it.
pub fn name(code: &str) -> Option<&'static str> {
    let found = LANGUAGES.iter().find(|(known, _)| *known == code);
    found.map(|(_, name)| *name)
}
