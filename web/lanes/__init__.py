"""What all pages about lanes share: address, history, window, filters and chart."""
