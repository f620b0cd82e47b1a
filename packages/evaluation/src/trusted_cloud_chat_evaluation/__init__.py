"""Cases → metrics → report, through the product's own objects."""
