"""The script behind a file field: it sends the file as it is, and says how far it came.

A plain request and not the page's live line, so that a file can be counted and refused while it
comes; the page then hears its token by an event.
"""

from __future__ import annotations

import json

from ballast.terms.label import Language
from ballast.words import say

__all__ = ["upload_script"]

_SEND = """
(event) => {
  const words = %(words)s, field = event.target, file = field.files[0];
  if (!file) return;
  const bar = document.getElementById('%(mark)s-sent');
  const said = document.getElementById('%(mark)s-said');
  const say = (text, bad) => {
    said.textContent = text; said.className = 'bd-note' + (bad ? ' bd-alert' : '');
  };
  if (file.size > %(limit)d) { field.value = ''; return say(words.large, true); }
  const request = new XMLHttpRequest();
  request.open('POST', '%(address)s');
  request.setRequestHeader('x-csrf-token', words.csrf);
  request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
  request.setRequestHeader('accept-language', words.language);
  request.upload.onprogress = (e) => { if (e.lengthComputable) bar.value = e.loaded / e.total; };
  request.onload = () => {
    bar.hidden = true; field.value = '';
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch (error) { answer = {}; }
    if (request.status === 200) { say(''); emitEvent('%(event)s', answer.token); }
    else say(answer.detail || words.failed, true);
  };
  request.onerror = () => { bar.hidden = true; field.value = ''; say(words.failed, true); };
  bar.hidden = false; bar.value = 0; say(words.sending);
  request.send(file);
}
"""


def upload_script(
    address: str, event: str, mark: str, *, limit_bytes: int, csrf: str, language: Language
) -> str:
    """Return the handler of a file field's change.

    Parameters
    ----------
    address
        Where the file is sent.
    event
        The page's event that tells its token.
    mark
        What the ids of bar and text begin with: ``<mark>-sent`` and ``<mark>-said``.
    limit_bytes
        The largest file.
    csrf
        The token of the session.
    language
        Of what is said.
    """
    limit = limit_bytes // (1024 * 1024)
    told = {
        "large": say("This file is larger than {limit} MB; split it", language, limit=limit),
        "failed": say("The file did not arrive; nothing was kept. Send it again", language),
        "sending": say("Sending …", language),
        "csrf": csrf,
        "language": language,
    }
    return _SEND % {
        "words": json.dumps(told, ensure_ascii=False),
        "mark": mark,
        "limit": limit_bytes,
        "address": address,
        "event": event,
    }
