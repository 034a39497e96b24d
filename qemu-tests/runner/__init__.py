# SPDX-License-Identifier: MIT
"""The parts of qemu-tests/run."""
