//! A web server for the built page, for one's own machine only: static files, with the headers a careful host sends.

use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

/// The page runs under this policy wherever it is hosted: nothing inline, nothing from elsewhere.
const HEADERS: [(&str, &str); 3] = [
    ("Content-Security-Policy", "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-cache"),
];

/// A port that is held, so that a busy one is told before a long build, and requests wait until it is done.
pub struct Listener {
    server: Server,
    address: String,
}

impl Listener {
    pub fn bind(port: u16) -> Result<Self> {
        let server = Server::http(("127.0.0.1", port)).map_err(|error| {
            match error.downcast_ref::<std::io::Error>().map(std::io::Error::kind) {
                Some(ErrorKind::AddrInUse) => {
                    anyhow!("port {port} is busy: choose another one, for example `--port {}`", other(port))
                }
                _ => anyhow!("cannot listen on port {port}: {error}"),
            }
        })?;
        let port = server.server_addr().to_ip().map_or(port, |address| address.port());
        Ok(Self { server, address: format!("http://127.0.0.1:{port}/") })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Serves `site` until the program is stopped.
    pub fn serve(&self, site: &Path) -> Result<()> {
        loop {
            // A browser that goes away before its answer is complete is none of our business.
            let _ = answer(self.server.recv()?, site);
        }
    }
}

fn other(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(8080)
}

fn answer(request: Request, site: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return refuse(request, 405, "only GET and HEAD are answered here\n");
    }
    let Some(path) = resolve(site, request.url()) else {
        return refuse(request, 404, "there is no such file\n");
    };
    let body = fs::read(&path)?;
    send(request, 200, content_type(&path), body)
}

fn refuse(request: Request, status: u16, why: &str) -> std::io::Result<()> {
    send(request, status, "text/plain; charset=utf-8", why.into())
}

fn send(request: Request, status: u16, kind: &str, body: Vec<u8>) -> std::io::Result<()> {
    let mut response = Response::from_data(body).with_status_code(status);
    for (name, value) in HEADERS.into_iter().chain([("Content-Type", kind)]) {
        response = response.with_header(header(name, value));
    }
    request.respond(response)
}

/// The constants above are all ASCII, which is what a header must be.
fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).unwrap_or_else(|()| unreachable!("{name} is not ASCII"))
}

/// The file that `url` asks for. Nothing outside `site` can be named: only plain path components are followed.
fn resolve(site: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?;
    let decoded = percent_decoded(path)?;
    let relative = Path::new(decoded.trim_start_matches('/'));
    if decoded.contains('\\') || !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let found = site.join(relative);
    let found = if found.is_dir() { found.join("index.html") } else { found };
    found.is_file().then_some(found)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, more)) = rest.split_first() {
        rest = more;
        if first == b'%' {
            let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = rest.get(2..)?;
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok().filter(|decoded| !decoded.contains('\0'))
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("md") => "text/markdown; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        _ => "application/octet-stream",
    }
}

/// Asks the desktop to show `address`; where there is none, the printed address must do.
pub fn open_browser(address: &str) {
    let (program, args): (&str, &[&str]) = if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else if cfg!(target_os = "macos") {
        ("open", &[])
    } else {
        ("xdg-open", &[])
    };
    if Command::new(program).args(args).arg(address).spawn().is_err() {
        eprintln!("note: `{program}` could not open a browser");
    }
}

#[cfg(test)]
mod tests {
    use super::{percent_decoded, resolve};
    use std::path::Path;

    #[test]
    fn only_files_of_the_site_are_found() {
        let site = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(resolve(site, "/setup/mod.rs?v=1"), Some(site.join("setup/mod.rs")));
        assert_eq!(resolve(site, "/setup/mod%2ers"), Some(site.join("setup/mod.rs")));
        for url in
            ["/../Cargo.toml", "/setup/../../Cargo.toml", "/%2e%2e/Cargo.toml", "/..%5cCargo.toml", "/absent"]
        {
            assert_eq!(resolve(site, url), None, "{url}");
        }
    }

    #[test]
    fn broken_escapes_are_refused() {
        for text in ["%", "%4", "%zz", "%00", "%ff"] {
            assert_eq!(percent_decoded(text), None, "{text}");
        }
    }
}
