//! Against real services, whose addresses are in the environment (`tools/test` sets it).

#[cfg(test)]
mod bus;
#[cfg(test)]
mod outward;
