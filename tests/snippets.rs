//! The code that lessons show for client libraries is code: each is there in every lesson, and is parsed by the grammar
//! of its language.
//!
//! Knows the shape in which snippets are written, and nothing of what the libraries can do: those of redis-py and
//! node-redis are also run (`tests/clients`), those of redis-rs are also compiled (`tests/clients/redis_rs`).

use playground_scenarios::Lesson;
use playground_scenarios::document::Block;
use playground_scenarios::snippet::{Client, Snippet};
use playground_tests::files;
use tree_sitter::{Language, Node, Parser};

/// What Go has outside of functions. Its grammar takes statements there, too, which its compiler does not.
const GO_OUTSIDE: [&str; 8] = [
    "package_clause",
    "import_declaration",
    "const_declaration",
    "var_declaration",
    "type_declaration",
    "function_declaration",
    "method_declaration",
    "comment",
];

/// What snippets call a connection.
const CONNECTIONS: [&str; 4] = ["r", "redis", "client", "db"];

/// What is not right with a snippet, and in which of its lines, counted from 0.
type Fault = (usize, String);

/// The text of a snippet that its grammar takes, and how many lines stand before the snippet's own first one. Lessons
/// leave out what every file of the language has around it.
fn as_file(snippet: &Snippet) -> (String, usize) {
    let text = &snippet.text;
    match snippet.client {
        Client::Jedis => {
            // Imports stay in the lines in which they are: the class begins after the last one.
            let starts = text.match_indices("import ").map(|(at, _)| at);
            let last = starts.filter(|&at| at == 0 || text[..at].ends_with('\n')).last();
            let end = |at: usize| text[at..].find('\n').map_or(text.len(), |end| at + end + 1);
            let (imports, rest) = text.split_at(last.map_or(0, end));
            (format!("{imports}class Lesson {{ {rest}\n}}\n"), 0)
        }
        Client::GoRedis if !text.lines().any(|line| line.starts_with("package ")) => {
            (format!("package lesson\n{text}"), 1)
        }
        _ => (text.clone(), 0),
    }
}

fn grammar(client: Client) -> Language {
    match client {
        Client::RedisPy => tree_sitter_python::LANGUAGE.into(),
        Client::NodeRedis => tree_sitter_javascript::LANGUAGE.into(),
        Client::Jedis => tree_sitter_java::LANGUAGE.into(),
        Client::GoRedis => tree_sitter_go::LANGUAGE.into(),
        Client::RedisRs => tree_sitter_rust::LANGUAGE.into(),
    }
}

/// The first place that is not of the language.
fn fault(snippet: &Snippet) -> Option<Fault> {
    let (text, before) = as_file(snippet);
    let mut parser = Parser::new();
    parser.set_language(&grammar(snippet.client)).expect("the grammar fits the parser");
    let tree = parser.parse(&text, None).expect("nothing stops the parser");
    let (node, why) = first_error(tree.root_node()).or_else(|| match snippet.client {
        Client::GoRedis => outside_of_functions(tree.root_node()),
        Client::NodeRedis => not_awaited(tree.root_node(), &text),
        _ => None,
    })?;
    Some((node.start_position().row.saturating_sub(before), why))
}

/// What the parser could not read, or has added to be able to read on.
fn first_error(node: Node<'_>) -> Option<(Node<'_>, String)> {
    if node.is_missing() {
        return Some((node, format!("{} is missing", node.kind())));
    }
    // Within one error there may be another that says better where it is.
    let inner = (0..node.child_count())
        .filter_map(|at| node.child(at))
        .filter(|child| child.has_error() || child.is_missing())
        .find_map(first_error);
    inner.or_else(|| node.is_error().then(|| (node, "it cannot be parsed".to_owned())))
}

fn outside_of_functions(root: Node<'_>) -> Option<(Node<'_>, String)> {
    let mut cursor = root.walk();
    let mut strange = root.named_children(&mut cursor).filter(|child| !GO_OUTSIDE.contains(&child.kind()));
    strange.next().map(|child| (child, format!("{} outside of a function", child.kind())))
}

/// A command of node-redis whose answer nobody waits for: the program goes on before it is done, and does not see it fail.
/// Grammar takes that, and so does a quick test. Connecting may be left to itself.
fn not_awaited<'t>(node: Node<'t>, text: &str) -> Option<(Node<'t>, String)> {
    let is_alone = |node: Node<'_>| {
        let call = node.named_child(0).filter(|call| call.kind() == "call_expression");
        let words = call.map_or("", |call| text[call.byte_range()].trim());
        let command =
            CONNECTIONS.iter().find_map(|name| words.strip_prefix(name)?.trim_start().strip_prefix('.'));
        command.is_some_and(|command| !command.starts_with("connect("))
    };
    if node.kind() == "expression_statement" && is_alone(node) {
        return Some((node, "nobody waits for its answer".to_owned()));
    }
    (0..node.child_count()).filter_map(|at| node.child(at)).find_map(|child| not_awaited(child, text))
}

/// The line of a lesson at which a snippet's fence opens, counted from 1.
fn line_of(source: &str, snippet: &Snippet) -> Option<usize> {
    let Snippet { client, text } = snippet;
    let at = source.find(&format!("```{} {}\n{text}```", client.language(), client.name()))?;
    Some(source[..at].matches('\n').count() + 1)
}

/// Lesson, library, line, what is wrong, and the text of the line.
fn complaint(name: &str, source: &str, snippet: &Snippet) -> Option<String> {
    let (row, why) = fault(snippet)?;
    let library = snippet.client.name();
    let Some(fence) = line_of(source, snippet) else {
        return Some(format!("{name}: {library}: {why}, in a fence that is not found again"));
    };
    let text = snippet.text.lines().nth(row).or(snippet.text.lines().last()).unwrap_or_default();
    Some(format!("{name}:{}: {library}: {why}: {text}", fence + 1 + row))
}

fn snippets(lesson: &Lesson) -> impl Iterator<Item = &Snippet> {
    let blocks = lesson.intro.iter().chain(lesson.steps.iter().flat_map(|step| &step.blocks));
    blocks.filter_map(|block| if let Block::Clients(some) = block { Some(some) } else { None }).flatten()
}

#[test]
fn every_snippet_is_of_its_language() {
    let mut complaints = Vec::new();
    for path in files::lessons() {
        let (name, source) = (files::shown(&path), files::read(&path));
        let lesson = Lesson::parse(&source).unwrap_or_else(|fault| panic!("{name}:{fault}"));
        complaints.extend(snippets(&lesson).filter_map(|snippet| complaint(&name, &source, snippet)));
        for client in Client::ALL {
            if !snippets(&lesson).any(|snippet| snippet.client == client) {
                complaints.push(format!("{name}: no code for {}", client.name()));
            }
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// For each language: code that is right, what to put in its place in one line, and the line at which that is found.
const BROKEN: [(Client, &str, &str, &str, usize); 10] = [
    (Client::RedisPy, "def f(r):\n    r.get('k')\n", "'k')", "'k'", 1),
    (Client::RedisPy, "def f(r):\n    a = 1\n    return a\n", "return a", "return a a", 2),
    (Client::NodeRedis, "const a = 1;\nconst b = await r.get('k');\n", "await r.get('k')", "", 1),
    (Client::NodeRedis, "r.connect();\nasync () => {\n  await r.del('k');\n};\n", "await ", "", 2),
    (Client::NodeRedis, "const f = () => r.get('k');\nawait db\n  .multi()\n  .exec();\n", "await ", "", 1),
    (Client::Jedis, "String f() {\n    return r.get(\"k\");\n}\n", ");", ")", 1),
    (Client::Jedis, "import java.util.*;\nint a = 1;\nint b = 2;\n", "int b = 2", "b +", 2),
    (Client::GoRedis, "func f() {\n\tr.Get(ctx, \"k\")\n}\n", "ctx, \"k\"", "ctx \"k\"", 1),
    (Client::GoRedis, "var a = 1\nvar b = 2\n", "var b = 2", "b = 2", 1),
    (Client::RedisRs, "fn f() {\n    let a = 1;\n}\n", "a = 1", "a = ", 1),
];

#[test]
fn what_is_broken_is_found_in_its_line() {
    for (client, right, part, instead, line) in BROKEN {
        let snippet = |text: &str| Snippet { client, text: text.to_owned() };
        assert_eq!(fault(&snippet(right)), None, "{right}");
        let broken = right.replacen(part, instead, 1);
        let found = fault(&snippet(&broken));
        assert_eq!(found.map(|(row, _)| row), Some(line), "{broken}");
    }
}

#[test]
fn a_complaint_says_where() {
    let text = "def f(r):\n    return r.get('k'\n";
    let source = format!("## A\n\n```python redis-py\n{text}```\n");
    let snippet = Snippet { client: Client::RedisPy, text: text.to_owned() };
    let said = complaint("a.md", &source, &snippet).expect("it is broken");
    assert!(said.starts_with("a.md:5: redis-py: ") && said.ends_with(":     return r.get('k'"), "{said}");
}
