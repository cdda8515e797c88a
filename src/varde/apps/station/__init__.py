"""The station: patients at the door, doctors, the car, the beds, the note."""
