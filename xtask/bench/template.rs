//! Commands written once and sent a million times, with numbers filled in.
//!
//! `{i}` is the number of the command, `{r}` a number drawn below the size, `{lon}` and `{lat}` a place on Earth. The
//! numbers drawn are the same in every run.

/// Fills in what a template leaves open.
#[derive(Debug)]
pub struct Filler {
    size: u64,
    state: u64,
}

impl Filler {
    /// For collections of this size.
    pub fn new(size: u64) -> Self {
        Self { size, state: 0x9E37_79B9_7F4A_7C15 }
    }

    pub fn fill(&mut self, template: &str, number: u64) -> String {
        let mut line = template.replace("{i}", &number.to_string());
        while let Some(at) = line.find("{r}") {
            let drawn = self.draw() % self.size;
            line.replace_range(at..at + 3, &drawn.to_string());
        }
        if line.contains("{lon}") {
            let (lon, lat) = (self.within(180.0), self.within(85.0));
            line = line.replace("{lon}", &lon).replace("{lat}", &lat);
        }
        line
    }

    fn within(&mut self, limit: f64) -> String {
        let unit = (self.draw() >> 11) as f64 / (1_u64 << 53) as f64;
        format!("{:.6}", (2.0 * unit - 1.0) * limit)
    }

    /// xorshift64: quick, and good enough to spread accesses.
    fn draw(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }
}
