"""The index: a catalog, which is the truth, and vectors and words derived from it, all showing one generation.

Of the numbered folders in `TCC_HOME/index` the newest with a commit is in use; its catalog names the folder of vectors and words. A
rebuild fills the next number, which its commit brings into use.
"""
