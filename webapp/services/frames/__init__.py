"""The picture of a scene: sketched by hand, or cropped from an asset. Pure drawing, no database."""
