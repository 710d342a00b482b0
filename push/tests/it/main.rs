//! Bus in, HTTP out, against real services whose addresses are in the environment (`tools/test` sets it). No database.

#[cfg(test)]
mod harness;
#[cfg(test)]
mod outages;
#[cfg(test)]
mod polls;
#[cfg(test)]
mod restarts;
#[cfg(test)]
mod shards;
#[cfg(test)]
mod websockets;
