"""SHFD0006.CSV of the pension office: layouts as data, exact bytes, checks, and a reader.

日本年金機構「ＣＳＶ形式届書作成仕様書（電子申請）」令和8年3月 第16.2版, as resources/nenkin/notes.md tells.
"""
