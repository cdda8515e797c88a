"""What duty costs the municipality and gives the doctor, under each form of pay."""
