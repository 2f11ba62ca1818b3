"""What leaves the site as a document: one cut by the originators' rules, and every format made from it."""
