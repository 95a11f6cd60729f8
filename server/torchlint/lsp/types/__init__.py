"""The structures of the Language Server Protocol that are used here, with the names and the order of fields of `lsprotocol`.

That package knows all of the protocol, and takes longer to load than everything else together; it is what the tests hold this
against (`tests/lsp/test_types.py`). Of what a client sends, the fields that nobody reads are left out.
"""

from torchlint.lsp.types.basic import *  # noqa: F403
from torchlint.lsp.types.diagnostics import *  # noqa: F403
from torchlint.lsp.types.documents import *  # noqa: F403
from torchlint.lsp.types.features import *  # noqa: F403
from torchlint.lsp.types.methods import *  # noqa: F403
from torchlint.lsp.types.session import *  # noqa: F403
