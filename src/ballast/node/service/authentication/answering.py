"""The other side: what somebody who has the key answers to a challenge.

For the commands, the load generators and the tests; beside the checking side
so that both are read together. A ``Signer`` holds the key and never shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ballast.errors import Refused, UnreadableFile
from ballast.node.service.authentication.forms import (
    Derivation,
    SecretForm,
    hashed_secret,
    newest_form,
    secret_answer,
)
from ballast.node.service.authentication.rest_challenge import RestClaim
from ballast.node.service.authentication.signatures import PrivateKey, sign
from ballast.node.service.authentication.verifying import PUBLIC_KEY, SECRET_KEY
from ballast.node.wire.reader import string
from ballast.node.wire.requests import ChallengeAnswer
from ballast.node.wire.responses import Challenge
from ballast.node.wire.value import Reference

__all__ = ["Signer", "load_private_key"]

_SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who can prove to be an administrator.

    Parameters
    ----------
    identity
        Handle and index of the value that holds the secret or the public key.
    key
        The secret as bytes, or a private key.
    hashed
        The node stores the secret as hex SHA-1 (``forms.hashed_secret``).
    """

    identity: Reference
    key: bytes | PrivateKey = field(repr=False)
    hashed: bool = False

    def _secret(self) -> bytes | None:
        if not isinstance(self.key, bytes):
            return None
        return hashed_secret(self.key) if self.hashed else self.key

    def answer(
        self,
        challenge: Challenge,
        random: Callable[[int], bytes],
        version: tuple[int, int] = (2, 11),
    ) -> ChallengeAnswer:
        """Return the answer to a challenge of the native protocol.

        Parameters
        ----------
        challenge
            What came with code 402.
        random
            ``random(n)`` gives n unpredictable bytes, for the salt.
        version
            Of the challenge's envelope; it decides on the form.
        """
        handle, index = self.identity.handle.encode(), self.identity.index
        nonce, digest = challenge.nonce, challenge.digest.digest
        secret = self._secret()
        if secret is not None:
            form = newest_form(version)
            derivation = Derivation(random(_SALT_BYTES)) if form is SecretForm.PBKDF2 else None
            proof = secret_answer(form, secret, nonce, digest, derivation)
            return ChallengeAnswer(SECRET_KEY, handle, index, proof)
        if isinstance(self.key, bytes):
            raise TypeError(type(self.key))
        algorithm = "SHA-256" if version >= (2, 7) else "SHA1"
        signature = sign(self.key, algorithm, nonce + digest)
        proof = string(algorithm.encode()) + string(signature)
        return ChallengeAnswer(PUBLIC_KEY, handle, index, proof)

    def rest_claim(
        self, session_id: str, nonce: bytes, random: Callable[[int], bytes]
    ) -> RestClaim:
        """Return the proof for the REST interface (``rest_authorization`` makes it a header).

        Parameters
        ----------
        session_id, nonce
            From the server, the nonce decoded.
        random
            For the client's nonce and the salt.
        """
        cnonce = random(16)
        secret = self._secret()
        if secret is not None:
            derivation = Derivation(random(_SALT_BYTES))
            proof = secret_answer(SecretForm.PBKDF2, secret, nonce, cnonce, derivation)
            return RestClaim(
                session_id, self.identity, SECRET_KEY, cnonce, "PBKDF2WithHmacSHA1", proof[-20:],
                derivation.salt, derivation.iterations, derivation.bits,
            )  # fmt: skip
        if isinstance(self.key, bytes):
            raise TypeError(type(self.key))
        signature = sign(self.key, "SHA-256", nonce + cnonce)
        return RestClaim(session_id, self.identity, PUBLIC_KEY, cnonce, "SHA256", signature)


def load_private_key(path: Path) -> PrivateKey:
    """Return the private key in a PEM file without a pass phrase.

    Raises
    ------
    UnreadableFile
        If there is none, or it is of a kind with which nobody signs here.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except OSError as error:
        raise UnreadableFile(
            "{path}: the key cannot be read ({reason})", path=path, reason=error.strerror
        ) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UnreadableFile(
            "{path}: this is no private key in PEM form without a pass phrase", path=path
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey | dsa.DSAPrivateKey):
        raise Refused("{path}: keys of RSA and DSA are understood here", path=path)
    return key
