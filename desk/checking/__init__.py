"""`fubb check` and `fubb doctor`: is what people write right, and is this machine?"""
