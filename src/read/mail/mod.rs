//! Mail: single messages, mailboxes of many, and web pages that a browser saved in the form of one.
//!
//! 1. [`fields`] reads the header and knows by it that a file is mail.
//! 2. [`parts`] cuts a message into the tree of its parts, undoes what was done to send them, and makes text of bytes.
//! 3. [`body`] picks the parts that are the text, and makes paragraphs of them.
//! 4. [`message`] makes an article of it, and reads what is attached as if it lay beside it. [`mbox`] does so with one
//!    message after the other, [`mhtml`] with the page at the root.

mod body;
mod fields;
mod mbox;
mod message;
mod mhtml;
mod parts;

pub use mbox::Mbox;
pub use message::Message;
pub use mhtml::Mhtml;
