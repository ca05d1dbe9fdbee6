"""The door: what comes from outside (names, files, archives, texts) is bounded here first.

``names`` makes outside names ours. ``files`` opens plain files and no others, and reads no more
than was allowed. ``bounds`` says how much that is. ``archive``, ``json_text``, ``hdf5`` and
``pictures`` bound what a library reads; the last two do it in a child process with limits. What is
not let in is ``Refused``, in words that begin after the thing's name: ``is a link``.
"""
