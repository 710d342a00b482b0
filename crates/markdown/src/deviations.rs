//! Where rendering differs from Zulip's on purpose.
//!
//! - **Limits.** Fences, quotes and lists within each other count to a depth of 50, a table to 20,000 cells, the address of
//!   a link to 4,096 characters. Zulip stops at Python's recursion limit or a time limit, and then refuses the message.
//! - **Formulas** have limits too: 300 and 32 KB in a message, 8 KB and 1,000 nesting characters each, and none that defines
//!   macros, since a few definitions expand to more than any limit. What is beyond them is shown like a formula with an error.
//! - **Highlighting** follows Pygments exactly for Python and TeX. For other languages the grammars differ from Pygments' lexers:
//!   the text is the same and the classes are of the same set, but not each token has the class that Pygments gives it. Code
//!   of more than 32 KB or with lines of more than 1,000 bytes is shown plainly.
//! - **Empty quotes by fences** are empty; Zulip shows a `>`.
//! - **`©`, `®` and `™`** stay text unless the author asks for their emoji form.
//! - **A link in the label of a link** is shown as it was typed: HTML has no links in links.
//! - **Vimeo, Twitter and albums of Dropbox** get no special preview.
//! - **Code that begins with `#!language` or `:::language`** keeps that line when it is indented by four spaces too, as Zulip
//!   does for fenced code: hiding a line that someone wrote surprises.
//! - **Control characters in addresses** are dropped before the scheme is looked at, as browsers do.
//! - **An address that cannot be parsed** is text; Zulip makes a link to nowhere.
//! - **`<time:…>`** understands ISO 8601, seconds since 1970 and the usual ways of writing a date with a year. Python's
//!   `dateutil` guesses what is missing from today's date, so that a message would mean something else on another day.
//! - **A block within a nested list item** goes into the item; Zulip can put a paragraph directly into `<ul>`, which HTML
//!   does not allow.
