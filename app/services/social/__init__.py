"""Social insurance of a company's people: who needs which notice, amounts, files, and taking people in."""
