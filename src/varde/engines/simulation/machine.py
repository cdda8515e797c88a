"""What the calendar asks of the compiler: functions without calls, plain memory, bits.

Numba hands an array on as seven values, and each index may count from the end; a pointer is
one value and has no such choice. A function marked `inlined` is put in where it is called.
Without these an event takes four times as long. In plain Python a function is itself, and
an array is its own pointer.
"""

from typing import Any

from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload, register_jitable

from varde.engines.simulation.tables import Floats, Ints


inlined = register_jitable(forceinline=True)


def pointer[T: (Ints, Floats)](array: T) -> T:
    """The memory of an array, without its bounds: nothing checks what is read and written."""
    return array


def lowest_bit(bits: int) -> int:
    """The number of the lowest bit that is set; there must be one.

    >>> lowest_bit(0b101000)
    3
    """
    return (int(bits) & -int(bits)).bit_length() - 1


@intrinsic
def _memory_of(
    context: Any, array: Any
) -> Any:  # pragma: no cover  (run by the compiler)
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        made = context.make_array(signature.args[0])
        return made(context, builder, arguments[0]).data

    return types.CPointer(array.dtype)(array), lower  # type: ignore[no-untyped-call]


@intrinsic
def _trailing_zeros(context: Any, bits: Any) -> Any:  # pragma: no cover
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], cgutils.true_bit)

    return types.int64(types.int64), lower


@overload(pointer)
def _compiled_pointer(array: Any) -> Any:  # pragma: no cover
    def memory(array: Any) -> Any:
        return _memory_of(array)  # type: ignore[call-arg]

    return memory


@overload(lowest_bit)
def _compiled_lowest_bit(bits: Any) -> Any:  # pragma: no cover
    def zeros(bits: Any) -> Any:
        return _trailing_zeros(bits)  # type: ignore[call-arg]

    return zeros
