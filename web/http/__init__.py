"""What holds for every request and answer, whatever it is about: headers, languages, origins, compression."""
