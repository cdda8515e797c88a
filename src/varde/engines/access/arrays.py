"""The shapes of arrays that the engine hands round, by name."""

import numpy as np
from numpy.typing import NDArray


type Floats = NDArray[np.float64]
type Minutes = NDArray[np.float32]  # inf: no road leads there
type Whole = NDArray[np.int64]
type YesNo = NDArray[np.bool_]
type Words = NDArray[np.str_]
