"""Somebody at the keyboard, in the tests in a browser."""


class Keys:
    """Presses keys and writes down which."""

    def __init__(self, page):
        self.page = page
        self.pressed = []

    def press(self, key):
        self.page.keyboard.press(key)
        self.pressed.append(key)

    def type(self, text):
        self.page.keyboard.type(text)
        self.pressed += text
