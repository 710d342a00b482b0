//! Bus in, HTTP out, against real services whose addresses are in the environment (`tools/test` sets it). No database.

mod harness;
mod polls;
mod restarts;
mod websockets;
