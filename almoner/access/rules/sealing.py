"""The tree that seals the access log: RFC 6962's Merkle tree, grown one leaf at a time.

A batch of events is sealed by one signed tree head. Changing, removing or inserting any sealed
event changes every later head; comparing with a head kept elsewhere also finds a cut-off tail.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256


def leaf_hash(event: bytes) -> bytes:
    return sha256(b"\x00" + event).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Tree:
    """A tree of ``size`` leaves, as the hashes of its full subtrees, largest first.

    That is all that is needed to append: log₂ n hashes however many leaves there are.
    """

    size: int = 0
    subtrees: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> "Tree":
        """This tree with more leaf hashes."""
        size, stack = self.size, list(self.subtrees)
        for leaf in leaves:
            stack.append(leaf)
            size += 1
            carry = size
            while carry % 2 == 0:  # as in binary addition: two trees of one height become one
                right, left = stack.pop(), stack.pop()
                stack.append(_node_hash(left, right))
                carry //= 2
        return Tree(size, tuple(stack))

    @property
    def root(self) -> bytes:
        """RFC 6962 section 2.1; the hash of nothing for the empty tree."""
        if not self.subtrees:
            return sha256(b"").digest()
        root = self.subtrees[-1]
        for left in reversed(self.subtrees[:-1]):
            root = _node_hash(left, root)
        return root
