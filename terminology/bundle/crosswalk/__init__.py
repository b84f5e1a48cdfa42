"""The stored crosswalks: TenEleven's and WHO's, written by a build, read in either direction, compared."""
