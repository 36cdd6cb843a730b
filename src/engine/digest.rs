//! A fingerprint of the engine's state: FNV-1a over everything that decides what happens next.
//!
//! Two runs with the same input must end with the same digest, natively and in WebAssembly. It is a check on
//! determinism, not a defence against anyone.

/// Takes in state and gives one word.
#[derive(Clone, Debug)]
pub struct Digest {
    hash: u64,
}

impl Default for Digest {
    fn default() -> Self {
        Self { hash: 0xCBF2_9CE4_8422_2325 }
    }
}

impl Digest {
    /// Bytes with their length, so that neighbours cannot run into each other.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.mix(bytes);
    }

    pub fn word(&mut self, word: &str) {
        self.bytes(word.as_bytes());
    }

    pub fn number(&mut self, number: u64) {
        self.mix(&number.to_le_bytes());
    }

    pub fn double(&mut self, number: f64) {
        self.number(number.to_bits());
    }

    pub fn finish(&self) -> u64 {
        self.hash
    }

    fn mix(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}
