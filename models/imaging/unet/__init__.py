"""A small U-Net of our own: network, training, tiles, calibration, error of a class fraction.

It sees one slice (2-D), a slice with its neighbours (2.5-D: pores show what lies behind them), or
a block (3-D). Only modules that begin work import torch. Files are read and written elsewhere.
"""
