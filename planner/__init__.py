"""What a campaign is and what to do next. Knows no Prefect, no Streamlit, no finite elements."""
