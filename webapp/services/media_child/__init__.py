"""The program that reads a media file in a process of its own: run by path, never imported by Slate."""
