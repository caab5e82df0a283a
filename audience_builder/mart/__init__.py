"""What is known of each traveller: five tables, their transactions, and the models that build the traits from the facts."""
