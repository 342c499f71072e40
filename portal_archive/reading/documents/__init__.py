"""The text of files that articles offer: PDF, Word, Excel, PowerPoint, OpenDocument, RTF."""
