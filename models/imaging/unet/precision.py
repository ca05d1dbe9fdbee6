"""Whether products may be bfloat16: where the machine has it, it is faster; elsewhere slower."""

import torch


def has_bfloat16(device: torch.device, deep: bool) -> bool:
    """A GPU has it; a processor where it says so, and for slices only: of blocks (``deep``) their
    products were once no numbers at all (torch 2.15, oneDNN, AVX-512)."""
    if device.type != "cpu":
        return True
    if deep:
        return False
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def best_device() -> torch.device:
    """A GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
