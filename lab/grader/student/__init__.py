# SPDX-License-Identifier: Apache-2.0
"""What a student runs: the tests, --watch, hints, gdb."""
