"""What holds for every route: parameters, pages, sparse answers, errors."""
