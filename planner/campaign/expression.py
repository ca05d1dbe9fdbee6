"""Formulas and constraints that people write: read by a small grammar, never executed as code.

A name is any parameter name, also ``yield``, ``J-c`` or ``焼結温度``; the longest name wins, and
```J-c``` in backticks is always a name. Known functions: abs, exp, log, log10, sqrt, min, max.
"""

import ast
import functools
import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_LENGTH = 500
TOLERANCE, SMALLEST = 1e-6, 1e-12
"""By how much a constraint may be broken by rounding, of the largest of its terms; and the least
that this is taken to be."""
_ALIAS = "kyoso__"
_RELATIONS = ("<=", ">=", "==")
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": abs, "exp": math.exp, "log": math.log, "log10": math.log10,
    "sqrt": math.sqrt, "min": min, "max": max,
}  # fmt: skip
_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass(frozen=True)
class LinearForm:
    """``sum(coefficients[name] * name) + constant``; arithmetic that would leave this form is
    refused."""

    coefficients: Mapping[str, float] = field(default_factory=dict)
    constant: float = 0.0

    def __add__(self, other: "LinearForm | float") -> "LinearForm":
        other = _as_linear(other)
        names = {**self.coefficients, **other.coefficients}
        total = {n: self.coefficients.get(n, 0.0) + other.coefficients.get(n, 0.0) for n in names}
        return LinearForm(
            {n: c for n, c in total.items() if c != 0}, self.constant + other.constant
        )

    def __mul__(self, other: "LinearForm | float") -> "LinearForm":
        other = _as_linear(other)
        if self.coefficients and other.coefficients:
            raise ValueError("a product of two parameters is not linear")
        linear, factor = (self, other.constant) if self.coefficients else (other, self.constant)
        scaled = {n: c * factor for n, c in linear.coefficients.items() if c * factor != 0}
        return LinearForm(scaled, linear.constant * factor)

    def __truediv__(self, other: "LinearForm | float") -> "LinearForm":
        other = _as_linear(other)
        if other.coefficients:
            raise ValueError("a division by a parameter is not linear")
        return self * (1 / other.constant)

    def __neg__(self) -> "LinearForm":
        return self * -1.0

    def __sub__(self, other: "LinearForm | float") -> "LinearForm":
        return self + -_as_linear(other)

    def __pos__(self) -> "LinearForm":
        return self


def _as_linear(value: "LinearForm | float") -> LinearForm:
    return value if isinstance(value, LinearForm) else LinearForm(constant=float(value))


@dataclass(frozen=True)
class Formula:
    """A formula over named values, for example ``milling_energy / 12``."""

    text: str
    names: tuple[str, ...]
    _tree: ast.expr
    _aliases: Mapping[str, str]

    def __call__(self, values: Mapping[str, float]) -> float:
        """Its value; ValueError (never NaN or infinity) where it has none."""
        try:
            result = float(
                _walk(self._tree, {a: float(values[n]) for a, n in self._aliases.items()})
            )
        except (ArithmeticError, ValueError, TypeError, RecursionError) as error:
            raise ValueError(f"{self.text!r} has no value: {error}") from error
        if not math.isfinite(result):
            raise ValueError(f"{self.text!r} has no finite value")
        return result

    def over(self, columns: Mapping[str, Any]) -> Any:
        """Its values over columns of NumPy, shape (n,); NaN or infinite where it has none."""
        import numpy as np  # a campaign is read without it

        functions = {name: getattr(np, name) for name in ("abs", "exp", "log", "log10", "sqrt")}
        extremes = {"min": np.minimum, "max": np.maximum}
        functions |= {
            name: lambda *args, pair=pair: functools.reduce(pair, args)
            for name, pair in extremes.items()
        }
        with np.errstate(all="ignore"):
            given = {a: np.asarray(columns[n], dtype=float) for a, n in self._aliases.items()}
            return _walk(self._tree, given, functions)

    def linear(self, forms: Mapping[str, LinearForm]) -> LinearForm:
        """The same as a linear form, of names that are linear forms; ValueError where it is
        none."""
        try:
            form = _as_linear(_walk(self._tree, {a: forms[n] for a, n in self._aliases.items()}))
        except (ArithmeticError, TypeError, RecursionError) as error:
            raise ValueError(f"{self.text.strip()!r} is not linear") from error
        if not all(map(math.isfinite, [form.constant, *form.coefficients.values()])):
            raise ValueError(f"{self.text.strip()!r} holds a number that is not finite")
        return form


@dataclass(frozen=True)
class Constraint:
    """``sum(coefficients[name] * name) <= bound``, or ``==`` where ``equality``."""

    text: str
    coefficients: Mapping[str, float]
    bound: float
    equality: bool

    def excess(self, values: Mapping[str, float]) -> float:
        """How far ``values`` are beyond the bound; 0 or less where they satisfy an inequality."""
        total = sum(c * float(values[n]) for n, c in self.coefficients.items()) - self.bound
        return abs(total) if self.equality else total

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters in it."""
        return tuple(self.coefficients)

    def holds(self, values: Mapping[str, float]) -> bool:
        """Whether it holds, to rounding: relative to the size of its terms."""
        terms = [abs(c * float(values[n])) for n, c in self.coefficients.items()]
        return self.excess(values) <= TOLERANCE * max(abs(self.bound), SMALLEST, *terms)

    def keeps(self, columns: Mapping[str, Any]) -> Any:
        """The same over columns of NumPy, shape (n,)."""
        import numpy as np  # a campaign is read without it

        terms = [k * columns[n] for n, k in self.coefficients.items()]
        total = sum(terms) - self.bound
        size = functools.reduce(np.maximum, map(np.abs, terms), max(abs(self.bound), SMALLEST))
        return (np.abs(total) if self.equality else total) <= TOLERANCE * size


def parse_formula(text: str, names: Iterable[str]) -> Formula:
    """Read a formula; ValueError says what cannot be read."""
    tree, aliases = _parse(text, names)
    return Formula(text, tuple(dict.fromkeys(aliases.values())), tree, aliases)


def parse_constraint(text: str, names: Iterable[str]) -> Constraint:
    """Read ``a + 2*b <= 360``, ``a >= b`` or ``a + b == 100``; ValueError where it is not
    linear."""
    left, relation, right = sides_of(text, names)
    forms = {n: LinearForm({n: 1.0}) for n in names}
    found = linear_constraint(text, left.linear(forms), relation, right.linear(forms))
    if not found.coefficients:
        raise ValueError(f"constraint {text!r} names no parameter")
    return found


def sides_of(text: str, names: Iterable[str]) -> tuple[Formula, str, Formula]:
    """Left side, relation and right side of a constraint; ValueError where it has no two sides."""
    parts = re.split("(" + "|".join(_RELATIONS) + ")", str(text))
    if len(parts) != 3:
        raise ValueError(
            f"constraint {text!r} needs exactly one of {', '.join(_RELATIONS)}, or reads like "
            "'at most 2 of a, b, c'"
        )
    return parse_formula(parts[0], names), parts[1], parse_formula(parts[2], names)


def linear_constraint(text: str, left: LinearForm, relation: str, right: LinearForm) -> Constraint:
    """The two sides as one sum and its bound."""
    difference = right - left if relation == ">=" else left - right
    return Constraint(str(text), difference.coefficients, -difference.constant, relation == "==")


def _parse(text: str, names: Iterable[str]) -> tuple[ast.expr, dict[str, str]]:
    """The syntax tree with every name replaced by an alias, and the aliases' names."""
    if len(text) > MAX_LENGTH or _ALIAS in text:
        raise ValueError(f"a formula is plain text of at most {MAX_LENGTH} characters")
    safe, aliases = _alias(text.strip(), names)
    try:
        tree = ast.parse(safe.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ValueError(f"{text!r} cannot be read as a formula") from error
    _check(tree, aliases)
    return tree, aliases


def _alias(text: str, names: Iterable[str]) -> tuple[str, dict[str, str]]:
    ordered = sorted(names, key=len, reverse=True)
    patterns = [f"`{re.escape(n)}`|(?<![\\w`]){re.escape(n)}(?![\\w`])" for n in ordered]
    if not patterns:
        return text, {}
    aliases: dict[str, str] = {}

    def replace(match: re.Match[str]) -> str:
        name = match.group().strip("`")
        alias = f"{_ALIAS}{ordered.index(name)}"
        aliases[alias] = name
        return f" {alias} "

    return re.sub("|".join(patterns), replace, text), aliases


def _check(tree: ast.expr, aliases: Mapping[str, str]) -> None:
    """ValueError for anything that is not arithmetic on numbers, parameters and known functions."""
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=bool()):
                raise ValueError("true and false are not numbers")
            case ast.Constant(value=int() | float()):
                pass
            case ast.Call(func=ast.Name(id=name), keywords=[]) if name in _FUNCTIONS:
                pass
            case ast.Name(id=name) if name in aliases or name in _FUNCTIONS:
                pass
            case ast.Name(id=name):
                raise ValueError(f"{name!r} is not a parameter")
            case ast.UnaryOp() | ast.BinOp() | ast.USub() | ast.UAdd() | ast.Load() | ast.Pow():
                pass
            case ast.operator() if type(node) in _BINARY:
                pass
            case _:
                known = ", ".join(_FUNCTIONS)
                raise ValueError(f"only numbers, parameters, + - * / ** and {known} are allowed")


def _walk(
    node: ast.expr,
    values: Mapping[str, Any],
    functions: Mapping[str, Callable[..., Any]] = _FUNCTIONS,
) -> Any:
    """Evaluate over numbers, linear forms or columns: the same grammar for all."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.UnaryOp(op=op, operand=operand):
            inner = _walk(operand, values, functions)
            return -inner if isinstance(op, ast.USub) else inner
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            return _power(_walk(left, values, functions), _walk(right, values, functions))
        case ast.BinOp(op=op, left=left, right=right):
            return _BINARY[type(op)](
                *_lifted(_walk(left, values, functions), _walk(right, values, functions))
            )
        case ast.Call(func=ast.Name(id=name), args=args):
            return functions[name](*(_number(_walk(a, values, functions)) for a in args))
    raise ValueError("a function needs its arguments in brackets")


def _lifted(left: Any, right: Any) -> tuple[Any, Any]:
    """Both numbers, or both linear forms."""
    if isinstance(left, LinearForm) or isinstance(right, LinearForm):
        return _as_linear(left), _as_linear(right)
    return left, right


def _number(value: Any) -> float:
    if isinstance(value, LinearForm):
        if value.coefficients:
            raise ValueError("a function of a parameter is not linear")
        return value.constant
    return value if hasattr(value, "shape") else float(value)


def _power(base: Any, exponent: Any) -> Any:
    result = _number(base) ** _number(exponent)
    if isinstance(result, complex):
        raise ValueError("a root of a negative number")
    return _number(result)
