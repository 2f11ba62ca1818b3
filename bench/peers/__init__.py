"""What we compare with: each written as one would write it who knows the tool well."""
