"""What the world may send us, page or API alike."""
