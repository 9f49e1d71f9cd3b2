"""The one door to onnxruntime."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import EngineError

Array = NDArray[Any]


class OnnxModel:
    """A network on the CPU: named arrays in, arrays out in the order of `outputs`.

    One thread: the desk runs as many processes as it has cores, and threads of one would take
    the cores of another.
    """

    def __init__(self, path: Path, *, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime has no public error tree; this is its rim
            raise EngineError(f"{path}: onnxruntime cannot load it ({error}); reinstall détente") from error
        self.inputs: Sequence[str] = [item.name for item in self._session.get_inputs()]
        self.outputs: Sequence[str] = [item.name for item in self._session.get_outputs()]

    def run(self, feeds: Mapping[str, Array]) -> list[Array]:
        """The outputs for one batch, in the order of `outputs`."""
        return [np.asarray(value) for value in self._session.run(None, dict(feeds))]
