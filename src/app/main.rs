//! The start of the page; see the library for all else.

fn main() {
    playground_page::run();
}
