"""The contract's assertions show the values they compared."""

import pytest

pytest.register_assert_rewrite("executors.testing")
