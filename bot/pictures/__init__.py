"""Drawing: a canvas, colours and letters. Each room draws its own pictures with them."""
