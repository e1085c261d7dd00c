//! What the figures were taken on.

use serde::Serialize;

use crate::failure::Outcome;

/// The machine, as it names itself.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Machine {
    pub(crate) cores: usize,
    pub(crate) cpu: String,
    pub(crate) memory_gib: f64,
    pub(crate) kernel: String,
}

impl Machine {
    pub(crate) fn read() -> Self {
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = cpuinfo
            .lines()
            .find_map(|line| line.strip_prefix("model name"))
            .and_then(|rest| rest.split_once(':'))
            .map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned());
        let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let memory_kib = kib(&meminfo, "MemTotal:").unwrap_or_default();
        Self {
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            cpu,
            memory_gib: memory_kib / (1024.0 * 1024.0),
            kernel: std::fs::read_to_string("/proc/sys/kernel/osrelease")
                .unwrap_or_default()
                .trim()
                .to_owned(),
        }
    }
}

/// The value of a line `Name: 123 kB` in one of the kernel's tables.
pub(crate) fn kib(table: &str, name: &str) -> Option<f64> {
    table
        .lines()
        .find_map(|line| line.strip_prefix(name))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// KiB of kernel memory in TCP buffers of the whole machine.
pub(crate) fn tcp_buffers_kib() -> Outcome<f64> {
    let table = std::fs::read_to_string("/proc/net/sockstat")?;
    let pages: f64 = table
        .lines()
        .find(|line| line.starts_with("TCP:"))
        .and_then(|line| {
            line.split_whitespace()
                .skip_while(|word| *word != "mem")
                .nth(1)
        })
        .and_then(|pages| pages.parse().ok())
        .unwrap_or_default();
    Ok(pages * 4.0)
}

#[cfg(test)]
mod tests {
    use super::kib;

    #[test]
    fn a_table_of_the_kernel_is_read() {
        let table = "Rss:  10 kB\nPss:              1234 kB\nPss_Dirty: 9 kB\n";
        assert_eq!(kib(table, "Pss:"), Some(1234.0));
        assert_eq!(kib(table, "Swap:"), None);
    }
}
