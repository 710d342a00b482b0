"""Free ports on the loopback interface."""

import random
import socket

# Below the range from which Linux takes the ports of outgoing connections, so that no client squats on one of ours.
LOWEST, HIGHEST = 20000, 32000


def is_free(port: int) -> bool:
    """True when a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """True when something accepts connections on the port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def exchange(port: int, request: bytes, expected: bytes) -> bool:
    """True when the server answers `request` with something that contains `expected`."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as peer:
            peer.sendall(request)
            return expected in peer.recv(4096)
    except OSError:
        return False


def free_block(size: int) -> int:
    """The first port of `size` free ones in a row; random, so that two seekers do not meet."""
    for _ in range(500):
        base = random.randrange(LOWEST, HIGHEST, size)
        if all(is_free(port) for port in range(base, base + size)):
            return base
    raise RuntimeError("no block of free ports found")


def first_free(port: int, count: int = 1) -> int:
    """The first port from `port` on that is free together with the `count - 1` after it."""
    while not all(is_free(candidate) for candidate in range(port, port + count)):
        port += count
    return port
