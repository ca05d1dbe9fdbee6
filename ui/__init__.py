"""The Streamlit panel: thin pages over pure views."""
