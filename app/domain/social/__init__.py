"""Rules of 健康保険 and 厚生年金保険 as pure functions over dated tables; reference: 健保法40-43条, 厚年法20-23条."""
